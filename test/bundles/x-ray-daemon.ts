import { type Socket, createSocket } from "node:dgram";
import { once } from "node:events";
import * as z from "zod";

const SegmentSchema = z.looseObject({
  name: z.string(),
  id: z.string(),
  trace_id: z.string(),
  parent_id: z.string(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  namespace: z.string().optional(),
  cause: z.looseObject({ exceptions: z.array(z.looseObject({ message: z.string() })) }).optional(),
  aws: z.looseObject({ operation: z.string().optional() }).optional(),
});

export type Segment = z.output<typeof SegmentSchema>;

const last = "last";

/**
 * What the X-Ray daemon beside a Lambda function receives.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
 */
export async function startXRayDaemon(): Promise<{
  address: string;
  /** All that has come in since the last time, once those who sent it have ended. */
  received(): Promise<Segment[]>;
  stop(): void;
}> {
  const socket: Socket = createSocket("udp4");
  let segments: Segment[] = [];
  socket.on("message", (message) => {
    const [, document = ""] = message.toString().split("\n");
    if (document !== last) segments.push(SegmentSchema.parse(JSON.parse(document)));
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { address, port } = socket.address();
  return {
    address: `${address}:${port}`,
    async received() {
      // Datagrams keep their order on one machine: when this one is here, those before it are.
      const arrived = new Promise<void>((resolve) => {
        socket.on("message", (message) => {
          if (message.toString().endsWith(`\n${last}`)) resolve();
        });
      });
      socket.send(`\n${last}`, port, address);
      await arrived;
      const received = segments;
      segments = [];
      return received;
    },
    stop: () => socket.close(),
  };
}
