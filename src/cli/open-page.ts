import { spawn } from 'node:child_process';

/** Shows a file in the user's browser, where there is one; never fails. */
export function openPage(path: string): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program, [...words, path], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
