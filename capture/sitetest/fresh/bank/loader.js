// What a trusted script brings in is trusted (strict-dynamic).
for (const name of ["a", "b"]) { const s = document.createElement("script"); s.src = `/bank/part-${name}.js`; document.head.append(s); }
