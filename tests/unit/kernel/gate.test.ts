/** The gate: so many at once, so many waiting, the rest refused; a failure frees its place. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Gate } from "../../../src/kernel/gate.ts";

/** Work that ends when told to. */
function job() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let began = false;
  const work = () => {
    began = true;
    return promise;
  };
  return { work, end: resolve, fail: reject, hasBegun: () => began };
}

test("runs so many at once, lets so many wait in order, and refuses the rest", async () => {
  const gate = new Gate({ atOnceMax: 2, waitingMax: 1 });
  const [first, second, third, fourth] = [job(), job(), job(), job()];
  const results = [first, second, third].map(({ work }) => gate.run(work));
  expect(gate.isFull).toBe(true);
  expect(gate.run(fourth.work)).toBeNull();
  expect([first, second, third].map((one) => one.hasBegun())).toEqual([true, true, false]);
  second.end("second");
  expect(await results[1]).toBe("second");
  await Promise.resolve();
  expect(third.hasBegun()).toBe(true);
  expect(fourth.hasBegun()).toBe(false);
  third.end("third");
  first.end("first");
  expect(await Promise.all(results)).toEqual(["first", "second", "third"]);
  expect(gate.isFull).toBe(false);
});

test("work that fails or throws frees its place and tells only who asked", async () => {
  const gate = new Gate({ atOnceMax: 1, waitingMax: 1 });
  const thrown = gate.run(() => {
    throw new Error("at once");
  });
  const after = gate.run(async () => "after");
  expect(await thrown?.catch((error: Error) => error.message)).toBe("at once");
  expect(await after).toBe("after");
  expect(await gate.run(async () => "again")).toBe("again");
});

test("never more at once than allowed, and whatever is let in comes to an end", async () => {
  const run = fc.asyncProperty(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 0, max: 5 }),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
    async (atOnceMax, waitingMax, lengths) => {
      const gate = new Gate({ atOnceMax, waitingMax });
      let running = 0;
      const all = lengths.map((turns) =>
        gate.run(async () => {
          running++;
          expect(running).toBeLessThanOrEqual(atOnceMax);
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          running--;
        }),
      );
      expect(all.filter((one) => one !== null).length).toBe(
        Math.min(lengths.length, atOnceMax + waitingMax),
      );
      await Promise.all(all);
      expect([running, gate.isFull]).toEqual([0, false]);
    },
  );
  await fc.assert(run, { numRuns: 100, seed: 20_261_121 });
});
