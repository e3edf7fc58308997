import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev:client` finds the service; the built page is served by the service itself. */
const SERVICE_URL = 'http://localhost:3000';

const FOLDER = import.meta.dirname;

const TEXT = /\.(html|js|css|svg|map)$/;

/** Puts a `.br` and a `.gz` beside every file of text that is built: the service sends them as they are. */
function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: ({ root, build }) => void (folder = join(root, build.outDir)),
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => TEXT.test(file))) {
        const content = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [compressed()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    ...{ outDir: 'dist', emptyOutDir: true, target: 'safari15', sourcemap: true },
    rolldownOptions: { input: { index: join(FOLDER, 'index.html'), operator: join(FOLDER, 'operator.html') } },
  },
  server: {
    proxy: {
      '/api': SERVICE_URL,
      '/socket.io': { target: SERVICE_URL, ws: true },
    },
  },
});
