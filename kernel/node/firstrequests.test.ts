import { expect, test } from "vitest";
import type { Message } from "../core/message.ts";
import { FirstRequests, listenerPatienceMs } from "./firstrequests.ts";

/** Holds requests; `pass` lets time go by. */
function startHolding() {
  const handled: string[] = [];
  const timers: { at: number; callback: () => void }[] = [];
  let now = 0;
  const requests = new FirstRequests(({ header }) => void handled.push(header.msg_type), {
    now: () => now,
    after: (ms, callback) => void timers.push({ at: now + ms, callback }),
  });
  const take = (msg_type: string, channel: Message["channel"] = "shell") => {
    const header = { msg_id: "m", session: "s", username: "u", date: "", version: "5.5", msg_type };
    requests.take({ channel, header, parent_header: {}, metadata: {}, content: {} });
  };
  const pass = (ms: number) => {
    now += ms;
    for (const { at, callback } of timers.splice(0)) {
      if (at <= now) callback();
      else timers.push({ at, callback });
    }
  };
  return { handled, requests, take, pass };
}

test("cells wait until somebody listens, and keep their order; who the kernel is, and control, is answered at once", () => {
  const { handled, requests, take } = startHolding();
  take("execute_request");
  take("comm_open");
  take("kernel_info_request");
  take("shutdown_request", "control");
  expect(handled).toEqual(["kernel_info_request", "shutdown_request"]);
  requests.release();
  expect(handled.slice(2)).toEqual(["execute_request", "comm_open"]);
  take("complete_request");
  expect(handled.at(-1)).toBe("complete_request");
});

test("when nobody comes to listen they are handled all the same, and once", () => {
  const { handled, requests, take, pass } = startHolding();
  take("execute_request");
  pass(listenerPatienceMs - 1);
  take("history_request");
  expect(handled).toEqual([]);
  pass(1);
  expect(handled).toEqual(["execute_request", "history_request"]);
  requests.release();
  expect(handled).toHaveLength(2);
});
