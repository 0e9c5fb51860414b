#!/usr/bin/env node
// Runs the built command, or in a checkout that was never built the sources.
import { existsSync } from 'node:fs';

const built = new URL('./dist/main.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  const { runSources } = await import('./run-sources.mjs');
  runSources(new URL('./src/main.ts', import.meta.url));
}
