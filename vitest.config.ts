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
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
