/** Runs every test of `test/` from source. Keeps the compiled output out, or each test would run twice. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/no-writes.ts"],
    exclude: ["dist/**", "node_modules/**"],
    // Vitest leaves a core free; many of these tests wait for processes, sockets and disks.
    maxWorkers: availableParallelism(),
    // Bounds for what hangs, far beyond what a busy machine takes: no test is about speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
