/** Follows redirects and keeps cookies as a browser does, until the URL starts with `end`. */
export async function follow(start: URL, end: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  while (!url.href.startsWith(end)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url.pathname}: ${response.status} ${await response.text()}`);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = line.match(/^([^=]+)=([^;]*)/) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    await response.body?.cancel();
    url = new URL(location, url);
  }
  return url;
}
