import { arrival, type Conversations, plain, resultOf, same, types } from "./conversation.ts";

/** What goes beside the cells of the main shell: comms and subshells. */
export const sidelineConversations: Conversations = {
  async "a comm of the front end reaches its target, speaks both ways with bytes, and closes"(kernel) {
    await kernel.run(`
      Jupyter.comms.registerTarget("echo", (comm, opened) => {
        comm.send({ opened: opened.data });
        comm.onMsg = ({ data, metadata, buffers }) => {
          console.log("heard");
          comm.send({ back: data }, metadata, buffers.map((buffer) => new Uint8Array(buffer).reverse()));
        };
        comm.onClose = ({ data }) => console.log("closed", data);
      })`).done;
    const opened = await kernel.ask("comm_open", { comm_id: "c", target_name: "echo", data: { a: 1 } });
    same(types(opened.published), ["busy", "comm_msg", "idle"]);
    same(opened.published[1]?.content, { comm_id: "c", data: { opened: { a: 1 } } });
    same((await kernel.ask("comm_info_request")).reply, {
      status: "ok",
      comms: { c: { target_name: "echo" } },
    });
    same((await kernel.ask("comm_info_request", { target_name: "other" })).reply.comms, {});

    const bytes = new Uint8Array([1, 2, 3]).buffer;
    const spoken = await kernel.ask(
      "comm_msg",
      { comm_id: "c", data: [4] },
      { metadata: { kind: "bytes" }, buffers: [bytes] },
    );
    same(types(spoken.published), ["busy", "stream", "comm_msg", "idle"]);
    const message = spoken.published[2]!;
    same([message.content, message.metadata], [{ comm_id: "c", data: { back: [4] } }, { kind: "bytes" }]);
    same([...new Uint8Array(plain(message.buffers?.[0]))], [3, 2, 1]);

    const closed = await kernel.ask("comm_close", { comm_id: "c", data: 9 });
    same(types(closed.published), ["busy", "stream", "idle"]);
    same((await kernel.ask("comm_info_request")).reply.comms, {});
  },

  async "a comm to an unknown target is closed, and a message to an unknown comm ignored"(kernel) {
    const opened = await kernel.ask("comm_open", { comm_id: "c", target_name: "nobody", data: {} });
    same(types(opened.published), ["busy", "comm_close", "idle"]);
    same(opened.published[1]?.content, { comm_id: "c", data: {} });
    const spoken = await kernel.ask("comm_msg", { comm_id: "never", data: {} });
    same(types(spoken.published), ["busy", "idle"]);
  },

  async "an error in the handler of a comm is shown, and the comm lives"(kernel) {
    await kernel.run(
      "Jupyter.comms.registerTarget('bad', (comm) => { comm.onMsg = () => { throw new TypeError('oops') } })",
    ).done;
    await kernel.ask("comm_open", { comm_id: "c", target_name: "bad", data: {} });
    for (let round = 0; round < 2; round++) {
      const { published } = await kernel.ask("comm_msg", { comm_id: "c", data: {} });
      same(types(published), ["busy", "error", "idle"]);
      same([published[1]?.content.ename, published[1]?.content.evalue], ["TypeError", "oops"]);
    }
  },

  async "a cell opens a comm, with the cell as parent, and hears what the front end says"(kernel) {
    const cell = kernel.run(`
      console.log("before");
      const comm = Jupyter.comms.open("widget", { v: 1 }, { version: "2" }, [new Uint8Array([7])]);
      comm.onMsg = ({ data }) => display(data.text);
      comm.commId`);
    const { published } = await cell.done;
    same(types(published), ["busy", "execute_input", "stream", "comm_open", "execute_result", "idle"]);
    const opened = published[3]!;
    const { comm_id } = opened.content;
    same(opened.content, { comm_id, target_name: "widget", data: { v: 1 } });
    same(opened.metadata, { version: "2" });
    same([...new Uint8Array(plain(opened.buffers?.[0]))], [7]);
    const heard = await kernel.ask("comm_msg", { comm_id, data: { text: "hello" } });
    same(types(heard.published), ["busy", "display_data", "idle"]);
    const closed = await kernel.run("comm.close(); comm.send(1)").done;
    same(types(closed.published), ["busy", "execute_input", "comm_close", "error", "idle"]);
  },

  async "a subshell answers while a cell runs, and its interrupt stops both"(kernel) {
    const created = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(created.reply.subshell_id);
    same(created.reply, { status: "ok", subshell_id: subshell });
    const list = () => kernel.ask("list_subshell_request", {}, { channel: "control" });
    same((await list()).reply, { status: "ok", subshell_id: [subshell] });

    const main = kernel.run(
      "const shared = 4; display('begun'); await new Promise((r) => { globalThis.go = r }); 'main'",
    );
    await main.message("display_data");
    same(resultOf(await kernel.run("shared + 1", {}, { subshell }).done), "5");
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same(resultOf(await main.done), "'main'");

    const both = [undefined, subshell].map((id) =>
      kernel.run("display('on'); await new Promise(() => {})", {}, id === undefined ? {} : { subshell: id }),
    );
    for (const cell of both) await cell.message("display_data");
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    for (const cell of both) same((await cell.done).reply.ename, "Interrupted");

    const deleted = await kernel.ask(
      "delete_subshell_request",
      { subshell_id: subshell },
      { channel: "control" },
    );
    same(deleted.reply, { status: "ok" });
    same((await list()).reply.subshell_id, []);
    const gone = await kernel.run("1", {}, { subshell }).done;
    same(
      [gone.reply.status, gone.reply.evalue],
      ["error", `there is no subshell ${JSON.stringify(subshell)}`],
    );
    const again = await kernel.ask(
      "delete_subshell_request",
      { subshell_id: subshell },
      { channel: "control" },
    );
    same(again.reply.status, "error");
  },

  async "deleting a subshell aborts what waits in it, and what runs in it comes to its end"(kernel) {
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell_id = String(reply.subshell_id);
    const inside = { subshell: subshell_id };
    const running = kernel.run(
      "display('on'); await new Promise((r) => { globalThis.go = r }); 8",
      {},
      inside,
    );
    const waiting = kernel.run("9", {}, inside);
    await running.message("display_data");
    await arrival(kernel);
    const deleted = await kernel.ask("delete_subshell_request", { subshell_id }, { channel: "control" });
    same(deleted.reply, { status: "ok" });
    same((await waiting.done).reply.status, "aborted");
    await kernel.run("globalThis.go()").done;
    same(resultOf(await running.done), "8");
  },

  async "a comm message to a subshell is handled while a cell of the main shell waits"(kernel) {
    await kernel.run(
      "Jupyter.comms.registerTarget('echo', (comm) => { comm.onMsg = ({ data }) => comm.send(data) })",
    ).done;
    await kernel.ask("comm_open", { comm_id: "c", target_name: "echo", data: {} });
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(reply.subshell_id);
    const main = kernel.run("display('on'); await new Promise((r) => { globalThis.go = r })");
    await main.message("display_data");
    const { published } = await kernel.ask("comm_msg", { comm_id: "c", data: { a: 1 } }, { subshell });
    const answer = published.find(({ header }) => header.msg_type === "comm_msg");
    same(answer?.content, { comm_id: "c", data: { a: 1 } });
    same(answer?.parent_header.subshell_id, subshell);
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same((await main.done).reply.status, "ok");
  },

  async "a failing cell of a subshell leaves the cells of the main shell alone"(kernel) {
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(reply.subshell_id);
    const main = kernel.run("display('on'); await new Promise((r) => { globalThis.go = r })");
    const waiting = kernel.run("'still runs'");
    await main.message("display_data");
    same((await kernel.run("throw new Error()", {}, { subshell }).done).reply.status, "error");
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same((await main.done).reply.status, "ok");
    same(resultOf(await waiting.done), "'still runs'");
  },
};
