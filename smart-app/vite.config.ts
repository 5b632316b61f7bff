import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import mantine from 'postcss-preset-mantine';
import simpleVars from 'postcss-simple-vars';
import { defineConfig } from 'vite';

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The app is served under `/app/`: `launch.html` is the SMART launch page, `index.html` the redirect page. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/app/',
  plugins: [react()],
  css: { postcss: { plugins: [mantine(), simpleVars()] } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    rolldownOptions: {
      input: [page('index.html'), page('launch.html')],
      // @medplum/react names react-router for a component that this app does not use; unused, the import is dropped.
      external: ['react-router'],
      treeshake: { moduleSideEffects: 'no-external' },
    },
  },
});
