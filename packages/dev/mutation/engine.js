/** The engine whose tests run. One at a time: Stryker tells tests apart by file and name, not by project. */
export const engine = process.env['KEYFOLD_MUTATION_ENGINE'] === 'web' ? 'web' : 'node';
