/** What `replay` says of input that is not there, before a record is made. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replayCommand } from "../../../agent/cli/replay.ts";

let folder: string;
let text: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "replay-"));
  text = join(folder, "notes.txt");
  writeFileSync(text, "neither a folder nor a database\n".repeat(40));
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = "plant.yaml";
const refusal = (code: string): object => expect.objectContaining({ code });

test("raw segments that are not there are no empty result", async () => {
  for (const raw of [join(folder, "nowhere"), folder, text])
    await expect(replayCommand({ config, raw })).rejects.toEqual(refusal("INPUT_UNREADABLE"));
});

test("a journal that is missing or no database is named", async () => {
  for (const journal of [join(folder, "nowhere.db"), text])
    await expect(replayCommand({ config, journal })).rejects.toEqual(refusal("INPUT_UNREADABLE"));
});

test("an --until that is no time is a mistake of the command line", async () => {
  const asked = replayCommand({ config, raw: folder, until: "yesterday" });
  await expect(asked).rejects.toEqual(refusal("USAGE_INVALID"));
});
