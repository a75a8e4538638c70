import { cellConversations } from "./cellconversations.ts";
import type { Conversations } from "./conversation.ts";
import { inputConversations } from "./inputconversations.ts";
import { questionConversations } from "./questionconversations.ts";
import { sidelineConversations } from "./sidelineconversations.ts";

/**
 * What every host of the kernel must do, as conversations with a running one: over ZeroMQ, in process, and in a page.
 * Each takes a kernel that has just started and throws an Error that says what is wrong.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html, protocol 5.5
 */
export const conversations: Conversations = {
  ...questionConversations,
  ...cellConversations,
  ...inputConversations,
  ...sidelineConversations,
};
