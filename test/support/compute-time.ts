/** What a piece of work costs this thread in computing, ms: unlike the time on the wall, whatever else the machine does. */
export function computeMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
