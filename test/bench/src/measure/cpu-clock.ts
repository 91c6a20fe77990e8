import { readFileSync } from 'node:fs';

/** CPU time in microseconds. */
export interface CpuTime {
  /** Of the main thread, the one with the event loop: what one more validation takes away from every other request. */
  readonly eventLoop: number;
  /** Of the whole process: event loop, thread pool, garbage collector, compiler. */
  readonly total: number;
}

const mainThread = `/proc/self/task/${process.pid}/schedstat`;
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** CPU time used so far. */
export function readCpu(): CpuTime {
  // The kernel brings a thread's account up to date when it leaves the CPU, otherwise only at the next tick, which may
  // be 4 ms away: twenty microseconds of sleep make the reading exact.
  Atomics.wait(nobodyWakes, 0, 0, 0.02);
  const { user, system } = process.cpuUsage();
  return { eventLoop: Number(readFileSync(mainThread, 'latin1').split(' ', 1)[0]) / 1000, total: user + system };
}

/** CPU time used since `start`, divided by `count`. */
export function cpuSince(start: CpuTime, count = 1): CpuTime {
  const end = readCpu();
  return { eventLoop: (end.eventLoop - start.eventLoop) / count, total: (end.total - start.total) / count };
}
