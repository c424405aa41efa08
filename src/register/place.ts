const PLACE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}()·.-]{0,59}$/u

/** A township or street office in one written form (“…镇人民政府” is the place, not the office); null: not a place. */
export function placeName(text: string): string | null {
  const name = text
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/人民政府$/u, '')
    .replace(/(?:街道)?办事处$/u, '街道')
  return PLACE.test(name) ? name : null
}

/** What makes two spellings the same place: 巴彦岱镇 and 巴彦岱 are one. */
export const placeKey = (name: string): string => name.replace(/(?:街道|镇|乡)$/u, '') || name
