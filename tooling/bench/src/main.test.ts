import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

function bench(...given: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return new Promise((resolve) => {
    const sources = ['--conditions=@tesserae/source', '--import', import.meta.resolve('tsx')];
    const child = execFile(process.execPath, [...sources, program, ...given], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });
}

describe('npm run bench', () => {
  it('lists its benchmarks, and refuses another with exit code 2', async () => {
    expect(await bench('--help')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/audio .*image .*nearest .*text /s),
    });
    expect(await bench('sounds')).toMatchObject({
      code: 2,
      text: expect.stringContaining('expected the benchmark audio or image or nearest or text, got sounds'),
    });
    expect(await bench('text', '--only', 'taste')).toMatchObject({
      code: 2,
      text: expect.stringContaining('--only: expected speed, json, load, worst, train, got taste'),
    });
    expect(await bench('nearest', '--fast')).toMatchObject({ code: 2, text: expect.stringContaining("'--fast'") });
  });
});
