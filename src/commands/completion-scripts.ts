/** The shells that are known. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Stands first in an answer where the names of files are wanted. */
export const FILES = ':files';

const bash = `# bash completion for tph
_tph() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == ${FILES} ]]; then
            compopt -o default 2>/dev/null
        else
            COMPREPLY+=("$line")
        fi
    done < <("$1" __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
}
complete -o nosort -F _tph tph 2>/dev/null || complete -F _tph tph
`;

const zsh = `#compdef tph
# zsh completion for tph
_tph() {
    local line files=0 tab=$'\\t'
    local -a lines values shown
    lines=("\${(@f)$("$words[1]" __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "$QIPREFIX$PREFIX" 2>/dev/null </dev/null)}")
    for line in "$lines[@]"; do
        if [[ $line == ${FILES} ]]; then
            files=1
        elif [[ -n $line ]]; then
            values+=("\${line%%$tab*}")
            if [[ $line == *$tab* ]]; then
                shown+=("\${line%%$tab*}  -- \${line#*$tab}")
            else
                shown+=("$line")
            fi
        fi
    done
    if (( files )); then
        _files
    elif (( \${#values} )); then
        compadd -l -V tph -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' -d shown -a values
    fi
}
if [[ $funcstack[1] == _tph ]]; then
    _tph "$@"
elif (( $+functions[compdef] )); then
    compdef _tph tph
fi
`;

const fish = `# fish completion for tph
function __tph_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete fish -- $words[2..] "$current" 2>/dev/null </dev/null)
    if test "$lines[1]" = ${FILES}
        __fish_complete_path $current
    else
        printf '%s\\n' $lines
    end
end
complete -c tph -f -a '(__tph_complete)'
`;

/** What a shell runs to complete command lines of the program. */
export const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
