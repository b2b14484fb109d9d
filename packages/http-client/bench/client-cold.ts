export async function cold(_url: string, _rounds: number): Promise<void> {}
