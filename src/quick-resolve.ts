import module from 'node:module'

/** Packages of many modules whose lists of exports are long, near 200 kB each. */
const LONG_LISTS = /\/node_modules\/(drizzle-orm|date-fns)\//

/**
 * Node 24 parses a package's whole list of exports again for every module that it resolves within it: a third of what
 * the service computes until it listens. Inside these packages the address of a module says all there is to know;
 * whatever else is asked for goes its usual way.
 */
export function resolveQuickly(): void {
  module.registerHooks({
    resolve(specifier, context, next) {
      const { parentURL, conditions } = context
      const isNear = /^\.\.?\/.*\.js$/.test(specifier) && conditions.includes('import')
      if (!isNear || parentURL === undefined || !LONG_LISTS.test(parentURL)) return next(specifier, context)
      return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
    },
  })
}
