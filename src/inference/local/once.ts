/** Remembers what was made for each key; a failure is forgotten. */
export function once<Key, Value>(make: (key: Key) => Promise<Value>) {
  const values = new Map<Key, Promise<Value>>();
  const get = (key: Key): Promise<Value> => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    value.catch(() => values.delete(key));
    return value;
  };
  const forget = (key: Key): Promise<Value> | undefined => {
    const value = values.get(key);
    values.delete(key);
    return value;
  };
  return Object.assign(get, { forget, made: () => Promise.all(values.values()) });
}
