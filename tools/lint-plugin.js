/**
 * @file House rules that oxlint has no rule for.
 *
 * `no-new-cast-call`: TypeScript 7.0.2 drops the parentheses of `new (f() as T).a.B()` and emits `new f().a.B()`, which
 * constructs `f`. Bind the callee to a const first. Can go once a fixed compiler is pinned.
 */
const CASTS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSTypeAssertion']);

const noNewCastCall = {
  meta: { type: 'problem', docs: { description: 'no `new (call() as T).member()`' } },
  create: (context) => ({
    NewExpression(node) {
      let object = node.callee;
      if (object.type !== 'MemberExpression') return;
      while (object.type === 'MemberExpression') object = object.object;
      if (!CASTS.has(object.type)) return;
      for (
        let inner = object.expression;
        inner;
        inner = inner.type === 'MemberExpression' ? inner.object : inner.expression
      ) {
        if (inner.type !== 'CallExpression') continue;
        context.report({ node, message: 'TypeScript 7.0.2 miscompiles this `new`: bind the callee to a const first' });
        return;
      }
    },
  }),
};

export default { meta: { name: 'local' }, rules: { 'no-new-cast-call': noNewCastCall } };
