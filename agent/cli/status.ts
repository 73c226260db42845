/** `status`: what the running agent says of itself on its local socket; without one, what it left behind. */
import { duration } from "../commission/target.ts";
import { askStatus } from "../control.ts";
import { FAULTS, type FaultCode } from "../core/fault.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { type Marker, readHeartbeat } from "../store/heartbeat.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

interface LocalStatus {
  time: string;
  status: {
    version: string;
    uptimeMs: number;
    outbox: { depth: number; oldestAt: string | null; parked: number };
    clock: { quality: string };
  };
  local: {
    pipeline: {
      lateInputs: number;
      cycles: number;
      commits: number;
      waiting: number;
      trouble: FaultCode | null;
    };
    poller: { p99: number; missed: number };
    publisher: { connected: boolean; trouble: string | null } | null;
    connections: {
      id: string;
      state: string;
      requests: number;
      failures: number;
      lastFailure: string | null;
    }[];
    assets: {
      id: string;
      condition: string;
      cause: string | null;
      since: string | null;
      schedule: string | null;
    }[];
  };
}

/** 0 when an agent runs, 69 when none answers. */
export async function statusCommand(options: GlobalOptions & { config: string }): Promise<number> {
  const paths = storePaths(loadPlant(options.config));
  const timeoutMs = options.timeout === undefined ? 5_000 : duration("--timeout", options.timeout);
  const answer = (await askStatus(paths.socket, timeoutMs)) as LocalStatus | null;
  if (answer === null) return absent(readHeartbeat(paths.heartbeat), options);
  if (options.json) print(JSON.stringify({ running: true, ...answer }));
  else show(answer);
  return EXIT.done;
}

/** What a stopped agent left behind. */
function absent(marker: Marker | null, { config, json }: GlobalOptions): number {
  const lastAlive = marker ? iso(marker.utc) : null;
  if (json) print(JSON.stringify({ running: false, lastAlive, clean: marker?.clean ?? null }));
  else print(`no agent runs for ${config}`);
  if (marker && !json)
    print(
      `last alive ${lastAlive}, ${marker.clean ? "stopped on purpose" : "not stopped cleanly"}`,
    );
  say("next: `systemctl status uptime-agent`, or `uptime-agent run -c FILE`");
  return EXIT.unreachable;
}

function show({ time, status, local }: LocalStatus): void {
  const { outbox } = status;
  print(
    `agent ${status.version}, up ${Math.round(status.uptimeMs / 1000)} s, ${time}, clock ${status.clock.quality}`,
  );
  print(
    `outbox ${outbox.depth} waiting${outbox.oldestAt ? ` since ${outbox.oldestAt}` : ""}, ${outbox.parked} parked; broker ${brokerText(local.publisher)}`,
  );
  print(
    `cycles ${local.pipeline.cycles}, commits ${local.pipeline.commits}, late inputs ${local.pipeline.lateInputs}, polls missed ${local.poller.missed}`,
  );
  const { trouble, waiting } = local.pipeline;
  if (trouble !== null)
    print(`store ${trouble}: ${waiting} facts and records wait in memory; ${FAULTS[trouble].hint}`);
  for (const { id, state, requests, failures, lastFailure } of local.connections)
    print(
      `connection ${id}: ${state}, ${requests} requests, ${failures} failed${lastFailure ? `, last ${lastFailure}` : ""}`,
    );
  for (const { id, condition, cause, since, schedule } of local.assets)
    print(
      `asset ${id}: ${condition}${cause ? ` (${cause})` : ""} since ${since ?? "-"}, ${schedule ?? "-"}`,
    );
}

function brokerText(publisher: LocalStatus["local"]["publisher"]): string {
  if (publisher === null) return "not configured";
  if (publisher.connected) return "connected";
  return publisher.trouble ?? "connecting";
}
