/**
 * One comparable form of a name. Minority names are typed with `·` `•` `．` `.` `-` or nothing between
 * their parts, in full or half width, with or without spaces: none of it tells two persons apart.
 */
export const comparableName = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\s·•‧∙⋅・･.．。\-‐‑–—_'’`]/gu, '')
    .toLowerCase()

/** 张三 -> 张*; dotted names keep the first letter of each part: 古丽·沙拉 -> 古*·沙*. */
export const maskName = (name: string): string =>
  name
    .split(/([·•．.])/u)
    .map((part, i) => (i % 2 === 1 ? '·' : `${[...part][0] ?? ''}*`))
    .join('')
