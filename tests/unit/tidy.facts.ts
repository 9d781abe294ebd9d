/**
 * What the tidy test knows of every source file, read from the compiler's own syntax tree.
 *
 * The native compiler answers over a pipe, so the tree is asked for once and boiled down to plain
 * values: functions, imports, exports, casts, calls. Nothing here judges.
 */
import { dirname, relative, resolve } from "node:path";
import {
  isArrowFunction,
  isAsExpression,
  isCallExpression,
  isClassDeclaration,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isNamedExports,
  isNamedImports,
  isPropertyAssignment,
  isStringLiteral,
  isVariableDeclaration,
  isVariableStatement,
  type Node,
  type SourceFile,
  SyntaxKind,
} from "typescript/unstable/ast";
import { API } from "typescript/unstable/async";

const ROOT = resolve(import.meta.dir, "../..");

interface FunctionFact {
  /** "RestClient.call": the names of what it stands in and its own. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
  /** The names that the types of its parameters are written with: `A & B` is A and B. */
  readonly parameterTypes: readonly string[];
  /** Something to run, not the type of it. */
  readonly hasBody: boolean;
  /** Handed straight to a call, as the body of a `describe` is. */
  readonly isCallback: boolean;
}

interface ImportFact {
  /** Path from the root of the checkout. */
  readonly target: string;
  /** Null when the whole module is taken. */
  readonly names: readonly string[] | null;
}

interface ExportFact {
  readonly name: string;
  readonly line: number;
  /** The file that declares it names it a second time. */
  readonly isUsedAtHome: boolean;
}

export interface FileFacts {
  readonly path: string;
  readonly lines: readonly string[];
  readonly functions: readonly FunctionFact[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly classes: readonly { readonly name: string; readonly line: number }[];
  /** Every `x as T` but `as const`: the text of T. */
  readonly casts: readonly { readonly type: string; readonly line: number }[];
  /** How often each name is called as a plain function: `assert(…)`. */
  readonly calls: ReadonlyMap<string, number>;
}

/** Facts of every file under src, views and tests, sorted by path. */
export async function readFacts(): Promise<readonly FileFacts[]> {
  const api = new API({ cwd: ROOT });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [`${ROOT}/tsconfig.json`] });
    const program = snapshot.getProjects()[0]?.program;
    if (program === undefined) throw new Error(`no project at ${ROOT}/tsconfig.json`);
    const names = (await program.getSourceFileNames())
      .filter((name) => /^(src|views|tests)\//.test(relative(ROOT, name)))
      .sort();
    const files = await Promise.all(names.map((name) => program.getSourceFile(name)));
    return files.filter((file) => file !== undefined).map(factsOf);
  } finally {
    await api.close();
  }
}

const FUNCTIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.FunctionType,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

function factsOf(file: SourceFile): FileFacts {
  const path = relative(ROOT, file.fileName);
  const facts = {
    path,
    lines: file.text.split("\n"),
    functions: [] as FunctionFact[],
    imports: [] as ImportFact[],
    exports: [] as ExportFact[],
    classes: [] as { name: string; line: number }[],
    casts: [] as { type: string; line: number }[],
    calls: new Map<string, number>(),
  };
  const uses = new Map<string, number>();
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1;
  const startOf = (node: Node) => lineOf(node.getStart(file));

  const visit = (node: Node, trail: readonly string[], parent: Node): void => {
    const name = ownName(node) ?? (FUNCTIONS.has(node.kind) ? nameFrom(parent) : null);
    const here = name === null || name === trail.at(-1) ? trail : [...trail, name];
    if (FUNCTIONS.has(node.kind)) {
      facts.functions.push({
        name: here.join(".") || "(anonymous)",
        line: startOf(node),
        lines: lineOf(node.end) - startOf(node) + 1,
        parameters: parametersOf(node).length,
        parameterTypes: parametersOf(node).flatMap((one) => typeNamesOf(one, file)),
        hasBody: "body" in node && node.body !== undefined,
        isCallback: isCallExpression(parent),
      });
    }
    if (isIdentifier(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    if (isClassDeclaration(node) && node.name !== undefined) {
      facts.classes.push({ name: node.name.text, line: startOf(node) });
    }
    if (isAsExpression(node) && node.type.getText(file) !== "const") {
      facts.casts.push({ type: node.type.getText(file), line: lineOf(node.type.getStart(file)) });
    }
    if (isCallExpression(node) && isIdentifier(node.expression)) {
      const called = node.expression.text;
      facts.calls.set(called, (facts.calls.get(called) ?? 0) + 1);
    }
    const taken = importOf(node, path);
    if (taken !== null) facts.imports.push(taken);
    node.forEachChild((child) => {
      visit(child, here, node);
    });
  };
  visit(file, [], file);

  for (const statement of file.statements) {
    for (const name of exportedBy(statement)) {
      const isUsedAtHome = (uses.get(name) ?? 0) > 1;
      facts.exports.push({ name, line: startOf(statement), isUsedAtHome });
    }
  }
  return facts;
}

function ownName(node: Node): string | null {
  if (node.kind === SyntaxKind.Constructor) return "constructor";
  const name = "name" in node ? (node.name as Node | undefined) : undefined;
  const isNamed =
    FUNCTIONS.has(node.kind) ||
    node.kind === SyntaxKind.ClassDeclaration ||
    node.kind === SyntaxKind.InterfaceDeclaration;
  return isNamed && name !== undefined && isIdentifier(name) ? name.text : null;
}

/** A function without a name is called after what it is assigned to. */
function nameFrom(parent: Node): string | null {
  if (isVariableDeclaration(parent) && isIdentifier(parent.name)) return parent.name.text;
  if (isPropertyAssignment(parent) && isIdentifier(parent.name)) return parent.name.text;
  if (isArrowFunction(parent)) return "(returned)";
  return null;
}

function parametersOf(node: Node): readonly Node[] {
  return "parameters" in node ? (node.parameters as readonly Node[]) : [];
}

function typeNamesOf(parameter: Node, file: SourceFile): readonly string[] {
  const type = "type" in parameter ? (parameter.type as Node | undefined) : undefined;
  return type?.getText(file).match(/\w+/g) ?? [];
}

function importOf(node: Node, path: string): ImportFact | null {
  const at = (specifier: Node | undefined) =>
    specifier !== undefined && isStringLiteral(specifier) && specifier.text.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(path), specifier.text))
      : null;
  if (isImportDeclaration(node)) {
    const target = at(node.moduleSpecifier);
    if (target === null) return null;
    const bindings = node.importClause?.namedBindings;
    if (bindings !== undefined && !isNamedImports(bindings)) return { target, names: null };
    const named = bindings?.elements.map((one) => (one.propertyName ?? one.name).text) ?? [];
    return { target, names: node.importClause?.name === undefined ? named : [...named, "default"] };
  }
  if (isExportDeclaration(node)) {
    const target = at(node.moduleSpecifier);
    if (target === null) return null;
    const clause = node.exportClause;
    if (clause === undefined || !isNamedExports(clause)) return { target, names: null };
    return { target, names: clause.elements.map((one) => (one.propertyName ?? one.name).text) };
  }
  if (isImportTypeNode(node)) {
    const literal = "literal" in node.argument ? (node.argument.literal as Node) : undefined;
    const target = at(literal);
    if (target === null) return null;
    const qualifier = node.qualifier;
    return {
      target,
      names: qualifier !== undefined && isIdentifier(qualifier) ? [qualifier.text] : null,
    };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    const target = at(node.arguments[0]);
    return target === null ? null : { target, names: null };
  }
  return null;
}

/** Names that a top-level statement exports. */
function exportedBy(statement: Node): readonly string[] {
  if (isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    return clause !== undefined && isNamedExports(clause)
      ? clause.elements.map((one) => one.name.text)
      : [];
  }
  const modifiers = "modifiers" in statement ? (statement.modifiers as Node[] | undefined) : [];
  if (!modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword)) return [];
  if (modifiers.some(({ kind }) => kind === SyntaxKind.DefaultKeyword)) return ["default"];
  if (isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      isIdentifier(name) ? [name.text] : [],
    );
  }
  const name = "name" in statement ? (statement.name as Node | undefined) : undefined;
  return name !== undefined && isIdentifier(name) ? [name.text] : [];
}
