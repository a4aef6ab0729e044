import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * The body of a request.
 *
 * @returns nothing where it is longer than `maxBytes`; the rest is then left unread.
 * @throws the error of a connection that ends before the body does.
 */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  if (declaredLength(message) > maxBytes) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.byteLength;
      chunks.push(chunk);
      if (length <= maxBytes) return;
      message.off("data", onData).pause();
      resolve(undefined);
    };
    message.on("data", onData);
    message.once("end", () => resolve(Buffer.concat(chunks, length)));
    message.once("error", reject);
  });
}

export function declaredLength(message: IncomingMessage): number {
  return Number(message.headers["content-length"] ?? 0);
}

/**
 * Ends a response whose content is already written while the client may still be sending, because most clients read
 * nothing before they have sent everything. Throws away at most `maxBytes`, then cuts the connection.
 */
export function drainThenEnd(message: IncomingMessage, response: ServerResponse, maxBytes: number): void {
  let length = 0;
  message.on("data", (chunk: Buffer) => {
    length += chunk.byteLength;
    if (length > maxBytes) message.destroy();
  });
  message.once("end", () => response.end());
  message.once("error", () => response.destroy());
  message.resume();
}
