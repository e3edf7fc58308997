import { defineConfig } from 'vite';

/** Where `npm run dev:client` finds the service; the built page is served by the service itself. */
const SERVICE_URL = 'http://localhost:3000';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'safari15', sourcemap: true },
  server: {
    proxy: {
      '/api': SERVICE_URL,
      '/socket.io': { target: SERVICE_URL, ws: true },
    },
  },
});
