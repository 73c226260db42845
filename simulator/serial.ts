/**
 * A Modbus RTU or ASCII server at the far end of a pseudo terminal, that misbehaves on demand and can be unplugged.
 * Units it does not have are silent, as on a line; writes are refused and counted.
 */
import { openPty, type Pty } from "./pty.ts";
import { FRAMINGS, type SerialFraming } from "./serial-frame.ts";
import { type Client, Conversation, type Service, type Stats } from "./serve.ts";

export interface SerialOptions extends Omit<Service, "absent"> {
  /** Link to the terminal that clients open. */
  device: string;
  /** Default rtu. */
  framing?: SerialFraming;
}

export interface SerialServer {
  readonly device: string;
  readonly stats: Readonly<Stats>;
  /** Bytes on the line that nobody asked for: noise, or another client. */
  noise(bytes: Buffer): void;
  /** False: the adapter is pulled; true: it is back under the same link. */
  plug(isIn: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Half a request that is not continued is over. */
const SILENCE_MS = 20;

/** The device can be opened when it resolves. Rejects when socat is missing. */
export async function startSerial(options: SerialOptions): Promise<SerialServer> {
  const stats: Stats = { connections: 0, requests: 0, refused: 0, broken: 0 };
  const { device } = options;
  // There is no connection that could be half open: that request is silence.
  const behave: NonNullable<Service["behave"]> = (request) => {
    const action = options.behave?.(request) ?? { do: "answer" };
    return action.do === "deafen" ? { do: "silent" } : action;
  };
  let end: (() => Promise<void>) | null = null;
  let pty: Pty | null = null;
  const plug = async (): Promise<void> => {
    stats.connections++;
    let silence: NodeJS.Timeout | null = null;
    const client: Client = {
      write: (bytes) => pty?.write(bytes),
      end: () => {},
      reset: () => {},
      broke: () => true,
      isGone: false,
    };
    const service: Service = { ...options, absent: "silent", behave };
    const framing = FRAMINGS[options.framing ?? "rtu"];
    const conversation = new Conversation(client, framing, service, stats);
    pty = await openPty(device, (chunk) => {
      if (silence) clearTimeout(silence);
      conversation.push(chunk);
      silence = setTimeout(() => conversation.forget(), SILENCE_MS);
    });
    const mine = pty;
    end = async () => {
      if (silence) clearTimeout(silence);
      conversation.stop();
      pty = null;
      await mine.unplug();
    };
  };
  const unplug = async (): Promise<void> => {
    const ending = end;
    end = null;
    await ending?.();
  };
  await plug();
  return {
    device,
    stats,
    noise: (bytes) => pty?.write(bytes),
    plug: async (isIn) => {
      if (!isIn) await unplug();
      else if (!end) await plug();
    },
    close: unplug,
  };
}
