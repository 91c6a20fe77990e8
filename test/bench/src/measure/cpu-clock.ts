import { readFileSync } from 'node:fs';

/** CPU time in microseconds. */
export interface CpuTime {
  /**
   * The main thread, which runs the event loop: time that a validation takes from all other
   * requests.
   */
  readonly eventLoop: number;
  /** The whole process: event loop, thread pool, garbage collector, compiler. */
  readonly total: number;
}

const mainThread = `/proc/self/task/${process.pid}/schedstat`;
const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/** The CPU time used so far. */
export function readCpu(): CpuTime {
  // The kernel updates the CPU time of a thread when the thread leaves the CPU. Otherwise it is
  // updated only at the next tick, up to 4 ms later. A sleep of 20 µs makes the reading exact.
  Atomics.wait(neverNotified, 0, 0, 0.02);
  const { user, system } = process.cpuUsage();
  return { eventLoop: Number(readFileSync(mainThread, 'latin1').split(' ', 1)[0]) / 1000, total: user + system };
}

/** The CPU time used since `start`, divided by `count`. */
export function cpuSince(start: CpuTime, count = 1): CpuTime {
  const end = readCpu();
  return { eventLoop: (end.eventLoop - start.eventLoop) / count, total: (end.total - start.total) / count };
}
