/**
 * What a strict port stands on: bytes in, bytes out, over a socket or a serial device.
 * Knows nothing of Modbus, opens once, and is thrown away when lost.
 */
import type { Fault } from "../../agent/core/fault.ts";

export interface StreamEvents {
  opened(): void;
  /** The first `size` bytes of `chunk` have arrived; the memory is reused after the call. */
  received(chunk: Buffer, size: number): void;
  /** Could not be opened, or was lost. At most once, and never after `close` or `destroy`. */
  lost(fault: Fault): void;
}

export interface ByteStream {
  open(events: StreamEvents): void;
  write(bytes: Uint8Array): void;
  /** Throws away what has arrived and was not handed over. Never rejects. */
  flush(): Promise<void>;
  /** Ends politely and calls back, at the latest after a second. */
  close(closed: () => void): void;
  /** Ends at once. */
  destroy(): void;
}
