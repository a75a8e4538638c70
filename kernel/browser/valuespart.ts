// What makes text and tables of values that do not show themselves, for parts.ts.
import "node-inspect-extracted";
import "../language/typescript/displayplayer.ts";
import "../language/typescript/displaytable.ts";
