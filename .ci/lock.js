/**
 * Completes package-lock.json after an install. npm leaves out the binaries for other platforms where the registry does not serve them,
 * and `npm ci` then rejects the lock file; a mirror may lack them. Their versions are exact in the packages that ask for them, and their
 * names tell the platform.
 *
 *     npm install … && node .ci/lock.js
 */
import { readFileSync, writeFileSync } from "node:fs"

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"))

const one = (name, ...options) => options.find(([pattern]) => pattern.test(name))?.slice(1)

const platform = (name) => ({
  cpu: one(
    name,
    [/arm64|aarch64/, "arm64"],
    [/x64/, "x64"],
    [/ia32/, "ia32"],
    [/ppc64/, "ppc64"],
    [/riscv64/, "riscv64"],
    [/s390x/, "s390x"],
    [/arm/, "arm"]
  ),
  os: one(
    name,
    [/linux/, "linux"],
    [/darwin/, "darwin"],
    [/win32/, "win32"],
    [/android/, "android"],
    [/freebsd/, "freebsd"],
    [/openharmony/, "openharmony"]
  ),
  libc: one(name, [/musl/, "musl"], [/gnu/, "glibc"])
})

for (const { dev, optionalDependencies } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const { cpu, os, libc } = platform(name)
    if (cpu === undefined || os === undefined || !/^\d/.test(version)) continue
    if (Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`))) continue
    lock.packages[`node_modules/${name}`] = { version, cpu, dev, libc, optional: true, os }
    console.log(`added ${name}@${version}`)
  }
}

lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")))
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`)
