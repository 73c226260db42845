/** One gateway under contract as a process, with its machine and broker: what a technician and a subscriber see. Judges nothing. */
import type { Broker } from "../../simulator/broker.ts";
import { startBroker } from "../../simulator/broker.ts";
import { until } from "../publisher/real-brokers.ts";
import { cli, endProcesses, type Running, said, startCli } from "./cli.ts";
import { type ContractSite, newContractSite } from "./contract-site.ts";
import { type HandMachine, startHandMachine } from "./hand-machine.ts";
import type { Payload } from "./records.ts";

export interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Gateway {
  machine: HandMachine;
  broker: Broker;
  site: ContractSite;
  start(): Promise<Running>;
  /** SIGTERM; the exit code. */
  stop(agent: Running): Promise<number | null>;
  /** SIGKILL. */
  kill(agent: Running): Promise<void>;
  /** `uptime-agent …` with the configuration. */
  say(...words: string[]): Promise<Said>;
  /** The page's answer. */
  page(path: string, form?: Record<string, string>): Promise<{ status: number; text: string }>;
  /** Every record at the broker, in order of arrival. */
  arrived(): Payload[];
  close(): Promise<void>;
}

export async function openGateway(): Promise<Gateway> {
  const machine = await startHandMachine();
  const broker = await startBroker({ host: "127.0.0.1", port: 0 });
  const site = await newContractSite(machine.port, broker.port);
  return {
    ...{ machine, broker, site },
    async start() {
      const agent = startCli(["run", "-c", site.config]);
      await said(agent, '"page"');
      return agent;
    },
    async stop({ child, exit }) {
      child.kill("SIGTERM");
      return (await exit).code;
    },
    async kill({ child, exit }) {
      child.kill("SIGKILL");
      await exit;
    },
    say: (...words) => cli([...words, "-c", site.config]),
    async page(path, form) {
      const body = form && new URLSearchParams(form);
      const url = `http://127.0.0.1:${site.page}${path}`;
      const answer = await fetch(url, body ? { method: "POST", body } : {});
      return { status: answer.status, text: await answer.text() };
    },
    arrived: () =>
      broker.received.flatMap(({ topic, payload }) =>
        topic.includes("/command") ? [] : [JSON.parse(String(payload)) as Payload],
      ),
    async close() {
      await endProcesses();
      await Promise.all([broker.close(), machine.close()]);
      site.remove();
    },
  };
}

/** Statuses of the incident's records in order, such as "opened". */
export const stepsOf = (payloads: Payload[], id: string): string[] =>
  payloads.flatMap(({ incident }) => {
    const told = incident as { id: string; status: string } | undefined;
    return told?.id === id ? [told.status] : [];
  });

/** Waits until the machine's incident has come that far. */
export async function step(gateway: Gateway, id: string, status: string): Promise<void> {
  await until(() => stepsOf(gateway.arrived(), id).includes(status), 10_000);
}
