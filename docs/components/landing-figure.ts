import { Runtime } from "hmap";

const go = new Runtime({ seed: 1 });
const m = go.make("map[string]int");

let n = 0;
for (const letter of "abcdefghi") {
  m.set(letter, ++n);
}

export default m;
