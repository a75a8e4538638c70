import { randomUUID } from "node:crypto";
import { unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Dealer } from "zeromq";
import { type Connection, connectionText } from "./connection.ts";
import { delimiter, type Wire } from "./wire.ts";

/** How long a launcher may take to acknowledge, in milliseconds; without it the kernel ends, as nobody knows it. */
const acknowledgePatienceMs = 5000;

/** The launcher did not acknowledge. Its message is one sentence for a person. */
class RegistrationError extends Error {
  override name = "RegistrationError";
}

/**
 * Tells the launcher the ports of this kernel and waits until it has said that it knows them: the handshake of
 * protocol 5.6. Both messages are `[identity..., "<IDS|MSG>", signature, content]`, where the content is one JSON frame.
 *
 * @throws RegistrationError when no answer with a valid signature comes within five seconds.
 * @see JEP 66; xeus-zmq, xhandshaking.cpp
 */
export async function register(connection: Connection, wire: Wire): Promise<void> {
  const { registration, ports } = connection;
  if (registration === undefined) return;
  const socket = new Dealer({
    linger: 0,
    receiveTimeout: acknowledgePatienceMs,
    sendTimeout: acknowledgePatienceMs,
    routingId: randomUUID(),
  });
  try {
    socket.ipv6 = registration.endpoint.includes("[");
    socket.connect(registration.endpoint);
    const content = {
      kernel_id: registration.kernelId,
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name}_port`, port])),
    };
    await socket.send([delimiter, ...wire.signFrame(Buffer.from(JSON.stringify(content)))]);
    const frames = await socket.receive();
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    wire.checkFrame(frames[at + 1], frames[at + 2]);
  } catch (error) {
    throw new RegistrationError(
      `Cannot register at ${registration.endpoint} (${(error as Error).message}): the program that starts the kernel has to wait there and acknowledge.`,
    );
  } finally {
    socket.close();
  }
}

/**
 * Writes a connection file, for the owner's eyes only, beside the file that asked for a registration, so that other
 * clients can connect.
 *
 * @returns removes it again
 */
export function writeConnectionFile(connection: Connection, registrationFile: string): () => void {
  const name = `kernel-${connection.registration?.kernelId}.json`;
  const path = join(dirname(registrationFile), name);
  writeFileSync(path, connectionText(connection), { mode: 0o600, flag: "wx" });
  return () => unlinkSync(path);
}
