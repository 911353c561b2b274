"""The command line: words in, `app` verbs, words or JSON out (cli.md, a public interface)."""
