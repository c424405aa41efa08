import Database from 'better-sqlite3'

/**
 * Loaded before the service by one test: the database then runs with synchronous=NORMAL and says FULL when asked, as a
 * library that drops the setting in silence would. It shows that the test of durability notices.
 */
const real = Database.prototype.pragma
Database.prototype.pragma = function careless(
  this: Database.Database,
  source: string,
  options?: Database.PragmaOptions,
) {
  if (source === 'synchronous = FULL') return real.call(this, 'synchronous = NORMAL')
  if (source === 'synchronous') return 2
  return real.call(this, source, options)
}
