// How the command line runs from a checkout: pnpm starts scripts in the package's folder, but a relative path on the
// command line is relative to where the user stands.

process.chdir(process.env['INIT_CWD'] ?? process.cwd())
await import('./main.ts')
