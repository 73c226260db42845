/** Topics as DESIGN 5.4 writes them, and the longest one that `check` reports. */
import { expect, test } from "vitest";
import {
  assetTopic,
  contractTopic,
  gatewayTopic,
  longestTopic,
  topicFits,
} from "../../agent/core/topic.ts";

const root = { namespace: "uptime1", enterprise: "acme", site: "ulm" };
const press = { area: "press", line: "l1", id: "press-01" };

test("asset topics have eight levels at most", () => {
  expect(assetTopic(root, press, "state")).toBe("uptime1/acme/ulm/press/l1/press-01/state");
  expect(assetTopic(root, press, "window", "hour")).toBe(
    "uptime1/acme/ulm/press/l1/press-01/window/hour",
  );
  expect(topicFits(assetTopic(root, press, "window", "hour"))).toBe(true);
  expect(topicFits(assetTopic({ ...root, namespace: "a/b" }, press, "window", "hour"))).toBe(false);
});

test("gateway and contract topics", () => {
  expect(gatewayTopic(root, "gw-1", "status")).toBe("uptime1/acme/ulm/_gateway/gw-1/status");
  expect(gatewayTopic(root, "gw-1", "event", "data")).toBe(
    "uptime1/acme/ulm/_gateway/gw-1/event/data",
  );
  expect(contractTopic(root, "acme-2026")).toBe("uptime1/acme/ulm/_contract/acme-2026");
});

test("the longest topic is found wherever it hides", () => {
  const long = { area: "a".repeat(32), line: "l".repeat(32), id: "x".repeat(32) };
  expect(longestTopic(root, "gw-1", [press, long])).toBe(
    assetTopic(root, long, "window", "period"),
  );
  expect(longestTopic(root, "g".repeat(32), [])).toBe(
    gatewayTopic(root, "g".repeat(32), "event", "config"),
  );
  expect(longestTopic(root, "gw", [press], ["c".repeat(32)])).toBe(
    contractTopic(root, "c".repeat(32)),
  );
  const signal = "s".repeat(32);
  expect(longestTopic(root, "gw", [press], [], [signal])).toBe(
    assetTopic(root, press, "incident", signal),
  );
  const edge = "n".repeat(32);
  const worst = longestTopic({ namespace: edge, enterprise: edge, site: edge }, "gw", [long]);
  expect(topicFits(worst)).toBe(false);
});
