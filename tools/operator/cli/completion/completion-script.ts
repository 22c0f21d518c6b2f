export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Words are handed on as they are, never evaluated. The command is run as it was typed, so a path to it completes, too.
 *
 * Sources: Bash Reference Manual, "Programmable Completion"; zshcompsys(1), `_describe`; fish documentation, "complete".
 */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# two-region completion for bash: source <(two-region completion bash)
_two_region() {
  local line word="\${COMP_WORDS[COMP_CWORD]}" words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  # Readline takes --flag=value for three words.
  local text="\${COMP_LINE:0:COMP_POINT}" last
  last="\${text##*[[:space:]]}"
  if [[ $last == --*=* ]]; then
    local before=\${#words[@]}
    [[ $word == "=" ]] && before=$((before - 2)) || before=$((before - 3))
    words=("\${words[@]:0:before}" "$last")
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    line="\${line%%$'\\t'*}"
    [[ $last == --*=* ]] && line="\${line#*=}"
    COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _two_region two-region
`,
  zsh: `#compdef two-region
# two-region completion for zsh: source <(two-region completion zsh), after compinit
_two_region() {
  local line
  local -a candidates
  while IFS= read -r line; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe 'two-region' candidates
  else
    _files
  fi
}
compdef _two_region two-region
`,
  fish: `# two-region completion for fish: two-region completion fish | source
function __two_region_complete
    set -l words (commandline -opc)
    set -l candidates ($words[1] __complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c two-region -f -a '(__two_region_complete)'
`,
};

/** The script that makes a shell complete the command's words. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
