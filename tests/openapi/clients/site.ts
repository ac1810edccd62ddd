// The server that the programs beside this file ask.
declare const process: {argv: string[]};

export const [site, token] = process.argv.slice(2) as [string, string];

export function expect(condition: boolean, what: string, answer: unknown): asserts condition {
	if (!condition)
		throw new Error(`${what}: ${JSON.stringify(answer)}`);
}
