import { chmod, open, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { copyPermissions } from '../../src/file/copy-permissions.js';
import { TempFolder } from '../support/temp-folder.js';

const folder = new TempFolder();

/** The mode of a new file that took the permissions of one of another owner and group, whom the system lets it keep or not. */
async function modeAfter(mode: number, keeps: { readonly owner: boolean; readonly group: boolean }): Promise<{ readonly mode: number; readonly asked: string[] }> {
  await writeFile(folder.at('old'), '');
  await chmod(folder.at('old'), mode);
  const from = await stat(folder.at('old'));
  from.uid += 1;
  from.gid += 1;
  const asked: string[] = [];
  const handle = await open(folder.at('new'), 'w', 0o600);
  const system = new Proxy(handle, {
    get: (target, name) => {
      if (name === 'chown') {
        return async (uid: number, gid: number) => {
          asked.push(uid === -1 ? 'group' : 'owner and group');
          expect(gid).toBe(from.gid);
          if (uid === -1 ? !keeps.group : !keeps.owner) throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
          await Promise.resolve();
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  await copyPermissions(system, from);
  await handle.close();
  return { mode: (await stat(folder.at('new'))).mode & 0o777, asked };
}

describe('a file that takes the place of another', () => {
  it.each([0o600, 0o640, 0o664, 0o777, 0o444])('has its permissions where owner and group, or the group, can be kept: %o', async (mode) => {
    expect(await modeAfter(mode, { owner: true, group: true })).toEqual({ mode, asked: ['owner and group'] });
    expect(await modeAfter(mode, { owner: false, group: true })).toEqual({ mode, asked: ['owner and group', 'group'] });
  });

  it.each([
    [0o640, 0o600],
    [0o660, 0o600],
    [0o664, 0o644],
    [0o644, 0o644],
    [0o770, 0o700],
    [0o604, 0o604],
    [0o600, 0o600],
  ])('gives a group that is not its own no more than everybody has: %o becomes %o', async (mode, expected) => {
    expect((await modeAfter(mode, { owner: false, group: false })).mode).toBe(expected);
  });
});
