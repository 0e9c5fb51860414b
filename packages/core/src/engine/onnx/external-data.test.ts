import { describe, expect, it } from 'vitest';
import { commonFolder, relativeTo } from './external-data';

describe('commonFolder', () => {
  it.each([
    [['/a/b/c.bin'], '/a/b'],
    [['/a/b/c', '/a/b/d'], '/a/b'],
    [['/a/b/c', '/a/bd/e'], '/a'],
    [['/a/b', '/c/d/e'], '/'],
    [['/w'], '/'],
    [['C:\\models\\a\\w', 'C:\\models\\b\\w'], 'C:\\models'],
    [['C:\\a', 'C:\\b\\c'], 'C:\\'],
    [['C:\\a', 'D:\\a'], undefined],
    [[], undefined],
  ])('of %j is %j', (files, folder) => {
    expect(commonFolder(files)).toBe(folder);
    if (folder === undefined) return;
    for (const file of files) {
      const location = relativeTo(folder, file);
      expect(location).not.toMatch(/^[\\/]|\\|\.\./);
      const joined = `${folder.replace(/[\\/]$/, '')}/${location}`;
      expect(joined.replaceAll('\\', '/')).toBe(file.replaceAll('\\', '/'));
    }
  });
});
