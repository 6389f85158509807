// A chaos server in its own process: `node main.js '{"plant": {...}}'` prints its address and serves until stdin closes.
import { startChaosServer } from './server.js';

const server = await startChaosServer(JSON.parse(process.argv[2]));
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => server.close().then(() => process.exit(0)));
