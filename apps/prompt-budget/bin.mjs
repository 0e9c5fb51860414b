#!/usr/bin/env node
// Runs the command from its sources: this app is not published, so that nothing is built for it but the page.
import { runSources } from '@tesserae/cli/run-sources';

runSources(new URL('./src/main.ts', import.meta.url));
