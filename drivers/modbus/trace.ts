/** Shows every byte of a stream to the clock's `trace`, for a technician. Changes none and delays none. */
import type { DriverClock } from "../driver.ts";
import type { ByteStream } from "./stream.ts";

/** The stream itself where nobody looks. */
export function traced(stream: ByteStream, clock: DriverClock): ByteStream {
  const { trace } = clock;
  if (!trace) return stream;
  return {
    open: (events) =>
      stream.open({
        ...events,
        received: (chunk, size) => {
          trace("received", chunk.subarray(0, size));
          events.received(chunk, size);
        },
      }),
    write: (bytes) => {
      trace("sent", bytes);
      stream.write(bytes);
    },
    flush: () => stream.flush(),
    close: (closed) => stream.close(closed),
    destroy: () => stream.destroy(),
  };
}
