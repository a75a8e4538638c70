import { Runtime } from "hmap";

const go = new Runtime({ seed: 3 });
const m = go.make("map[string]int");

const words = "one two three four five six seven eight nine";
let n = 0;
for (const word of words.split(" ")) {
  m.set(word, ++n);
}

export default m;
