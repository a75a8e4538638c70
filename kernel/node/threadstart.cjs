// The first file of the thread of an in-process kernel: see thread.ts. With the compile cache the thread starts in less than
// half the time. And code that comes from it needs no stripping, which is WebAssembly: while threads that use WebAssembly
// come and go, V8 may end the whole process (https://github.com/nodejs/node/issues/64500).
require("./compilecache.cjs");
require("./threadmain.ts");
