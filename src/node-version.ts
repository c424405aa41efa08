/** Node 24 brings what this service is built on; older ones crash in native code, so say it before any is loaded. */
export function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return
  process.stderr.write(
    `Node ${process.versions.node} is too old: use npm start / npm run (brings its own Node 24), or install Node >= 22.18\n`,
  )
  process.exit(1)
}
