/**
 * A running server's own copy of the built web app, so that building it anew takes nothing away
 * from pages that are being served.
 *
 * The copy's name holds our process id: what a killed process left is cleared away by the next.
 */
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

export interface WebCopy {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Copies the build at `built` into `folder`, or gives null when nothing is built. */
export async function copyWebApp(built: string, folder: string): Promise<WebCopy | null> {
  await removeLeftovers(folder);
  if (!existsSync(built)) return null;
  const directory = await mkdtemp(join(folder, `web-${process.pid}-`));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await cp(built, directory, { recursive: true });
  } catch (error) {
    await remove();
    throw error;
  }
  return { directory, remove };
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^web-(\d+)-\w+$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process exists as well.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
