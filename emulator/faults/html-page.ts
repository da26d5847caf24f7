/** An HTML page as proxies and load balancers answer with it. */
export function htmlPage(status: number): string {
  const title = status === 200 ? "Sign in to continue" : `Error ${status} (Server Error)`;
  return (
    `<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>${title}</title>\n` +
    `<p><b>${status}.</b> <ins>That&rsquo;s an error.</ins>\n` +
    `<p>The server encountered a temporary error and could not complete your request. Please try again in 30 seconds.\n`
  );
}
