import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const service = 'http://127.0.0.1:8787'

/** The service sends `dist` under `/`; while developing, this server passes the API on to a running service. */
export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': service, '/v1': service, '/openapi.json': service, '/docs': service },
  },
  build: {
    target: 'es2022',
    // Nothing is inlined into the page as a `data:` script or font, so that a strict content policy holds.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
})
