/** Categories every scheme knows, as the roster template names them; a scheme may add its own. */
export const CATEGORY_LABELS = {
  extremely_poor: '特困人员',
  orphan: '孤儿',
  dibao: '低保对象',
  dibao_marginal: '低保边缘家庭成员',
  poverty_return: '返贫致贫人口',
  poverty_monitored: '防止返贫监测对象',
  illness_impoverished: '因病致贫重病患者',
} as const satisfies Record<string, string>
