/** Who may do what: a permission is `noun.verb`; a role is a set of them. */
export const ROLES = ['rule_editor', 'approver', 'register_clerk', 'auditor', 'administrator'] as const
export type Role = (typeof ROLES)[number]

const OF_TERMINAL = [
  'his.send',
  'eligibility.ask',
  'settlement.preview',
  'settlement.settle',
  'settlement.read',
  'settlement.reverse',
  'settlement.print',
  'clearing.reconcile',
  'clearing.apply',
] as const
const OF_ROLE = {
  rule_editor: ['rules.read', 'rules.draft', 'rules.check'],
  approver: ['rules.read', 'rules.check', 'rules.approve', 'register.read', 'register.approve', 'tasks.read'],
  register_clerk: ['register.read', 'register.draft', 'tasks.read'],
  auditor: ['rules.read', 'reports.export', 'audit.read', 'hospitals.read'],
  administrator: ['hospitals.read', 'hospitals.write', 'staff.write'],
} as const satisfies Record<Role, readonly string[]>

export type Permission = (typeof OF_TERMINAL)[number] | (typeof OF_ROLE)[Role][number]

export type Caller =
  | { readonly kind: 'terminal'; readonly id: string; readonly hospital: string }
  | { readonly kind: 'staff'; readonly id: string; readonly roles: readonly Role[] }
  /** The person at the command line of the server itself. */
  | { readonly kind: 'operator'; readonly id: string }

const setOf = (permissions: readonly string[]): ReadonlySet<string> => new Set(permissions)
const terminalMay = setOf(OF_TERMINAL)
const roleMay = Object.fromEntries(ROLES.map((r) => [r, setOf(OF_ROLE[r])])) as Record<Role, ReadonlySet<string>>

/** The operator keeps the machine: everything the office does, but never a settlement. */
export function may(caller: Caller, permission: Permission): boolean {
  if (caller.kind === 'terminal') return terminalMay.has(permission)
  if (caller.kind === 'operator') return !terminalMay.has(permission)
  return caller.roles.some((role) => roleMay[role].has(permission))
}

/** How a caller is named in the audit log: never a person's name. */
export const actorOf = (caller: Caller): string => `${caller.kind}:${caller.id}`

/**
 * Acts on what every request needs (hospitals, terminals, staff, rules) form the `office` chain, whose length tells
 * whether a copy in memory is still true; all other acts form the `desk` chain, so that a busy register or printer
 * does not make every batch read the reference data again.
 */
export const laneOf = (permission: Permission): 'office' | 'desk' =>
  /^(?:hospitals|staff|rules)\./.test(permission) ? 'office' : 'desk'
