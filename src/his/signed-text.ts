type Parameters = Readonly<Record<string, unknown>>

const wordOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/**
 * What an SM2 signature inside a message covers: every parameter of the envelope but `cainfo` and `input`, those that
 * are empty (absent, null or "") left out, as `key=value` in the order of the keys' ASCII codes, joined by `&`, in
 * UTF-8. Values are neither trimmed nor encoded; numbers and booleans are written as JSON writes them. The input is
 * not covered, which is why a message is also known by its number.
 */
export const signedText = (parameters: Parameters): string =>
  Object.keys(parameters)
    .filter((key) => key !== 'cainfo' && key !== 'input' && wordOf(parameters[key]) !== '')
    .sort()
    .map((key) => `${key}=${wordOf(parameters[key])}`)
    .join('&')
