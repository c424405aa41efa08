/** Somebody of the practice town, by part. Numbers begin with a place that is on no map: nobody living has one. */
export interface Townsman {
  readonly name: string
  readonly id_number: string
}

const PEOPLE = {
  dibao_1: ['帕提古丽·艾力', '659900194909100027'],
  dibao_2: ['古丽娜尔·木拉提', '659900194708160023'],
  dibao_3: ['王淑珍', '659900196809170027'],
  dibao_4: ['玉山江·热合曼', '659900197209100011'],
  dibao_5: ['木拉提·阿斯哈尔', '659900198902170012'],
  dibao_6: ['韩文慧', '659900196804190029'],
  dibao_7: ['茹仙古丽·肉孜', '659900197108160023'],
  dibao_8: ['赛力克·阿曼太', '659900197803120015'],
  dibao_9: ['李立新', '659900198803150016'],
  dibao_10: ['塔依尔·吐尔逊', '659900197509120014'],
  dibao_40: ['茹仙古丽·努尔买买提', '659900196508190024'],
  extremely_poor_1: ['努尔买买提·艾尼瓦尔', '659900197309170017'],
  orphan_1: ['迪丽努尔·艾尼瓦尔', '659900201605150028'],
  poverty_return_1: ['阿孜古丽·买买提', '659900197201150022'],
  poverty_monitored_1: ['艾尼瓦尔·吐尔逊', '659900198909180010'],
  dibao_marginal_1: ['热依汗·塔依尔', '659900199008190021'],
  illness_impoverished_1: ['阿依古丽·玉山江', '659900197707100022'],
  two_dibao_ill: ['赵桂兰', '659900195804020025'],
  ended: ['热依汗·玉山江', '659900196912300029'],
  died_before: ['马德明', '659900193811110011'],
  no_category: ['阿依努尔·木拉提', '659900199010100021'],
  kazakh: ['阿依达娜·努尔兰', '659900199508190028'],
  check_x: ['高平', '65990019720212001X'],
  kashgar: ['阿不都热合曼·依明', '659900196606060012'],
  elsewhere: ['吴国庆', '659900197010010019'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export type Who = keyof typeof PEOPLE

export const PARTS = Object.keys(PEOPLE) as Who[]

export const townsman = (who: Who): Townsman => ({ name: PEOPLE[who][0], id_number: PEOPLE[who][1] })

/** A valid number that no roster mentions. */
export const STRANGER: Townsman = { name: '郑晓红', id_number: '659900199909090028' }
