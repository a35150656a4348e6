# --- start
work=$(mktemp -d)
poller=
result=0 # the exit code, that of the first step which failed
finished=
counter=0

say() { printf '%s\n' "$*" >&2; }

# fail CODE MESSAGE: says why a step failed.
fail() {
  say "FAILED  $title: $2"
  ((result)) || result=$1
  return 1
}

# run STEP TITLE [keep|always]: carries a step out; without either its failure ends the script.
run() {
  local step=$1 title=$2 keep=${3-}
  finished="$finished $step "
  if "$step"; then
    say "ok      $title"
  else
    ((result)) || result=1
    [[ -n $keep ]] || exit "$result"
  fi
}

# known NAME WHAT: fails where something has no value yet.
known() { [[ -n ${!1-} ]] || fail 2 "$2 has no value, so this cannot be sent"; }

# request INSTANCE OPTIONS...: sends; each instance has its own cookies.
request() {
  local jar=$work/$1.jar times code=0
  shift
  : >"$work/body"
  status=0
  times=$(curl "${common[@]}" --cookie "$jar" --cookie-jar "$jar" \
    --output "$work/body" --write-out '%{http_code} %{time_total}' "$@") || code=$?
  status=${times%% *}
  took=$((10#${times##*[ .,]})) # the decimals are microseconds
  times=${times##* }
  took=$((10#${times%%[.,]*} * 1000000 + took))
  return "$code"
}

# send INSTANCE OPTIONS...: sends, and fails where no whole answer comes.
send() {
  local code=0
  request "$@" || code=$?
  case $code in
    0) ;;
    2) fail 2 'curl does not know how to send this' ;;
    26) fail 5 'a file cannot be read' ;;
    *) fail 3 "no whole answer (curl says $code)" ;;
  esac
}
# --- form_text
# form_text TEXT: writes it as a form carries it, byte by byte.
form_text() {
  local LC_ALL=C text=$1 out='' one code place
  for ((place = 0; place < ${#text}; place++)); do
    one=${text:place:1}
    case $one in
      [A-Za-z0-9_.~-]) out+=$one ;;
      ' ') out+=+ ;;
      *)
        printf -v code %d "'$one"
        printf -v one '%%%02X' $((code & 255))
        out+=$one
        ;;
    esac
  done
  printf %s "$out"
}

# path_text TEXT: writes it as a part of an address.
path_text() {
  local text
  text=$(form_text "$1")
  printf %s "${text//+/%20}"
}
# --- curl_word
# curl_word TEXT: writes it as curl reads it between quotes.
curl_word() {
  local text=${1//\\/\\\\}
  printf %s "${text//\"/\\\"}"
}
# --- json_text
# json_text TEXT: writes it as JSON does.
json_text() { python3 -SEc 'import json, sys; print(json.dumps(sys.argv[1], ensure_ascii=False))' "$1"; }

# json_inner TEXT: the same, without its quotes.
json_inner() {
  local text
  text=$(json_text "$1")
  text=${text#\"}
  printf %s "${text%\"}"
}
# --- moment
# at SECONDS: the time of the step, or one that is later.
at() {
  python3 -SEc 'import datetime as d, sys
then = d.datetime.fromtimestamp(float(sys.argv[1]) + float(sys.argv[2]), d.timezone.utc)
print(then.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z")' "$now" "$1"
}
# --- answer
# answer WHAT...: looks at the last answer, see the Python above.
answer() { python3 "$work/answer.py" "$work/body" "$status" "$@"; }

# good ERRORS: fails where GMS answered with an error other than these.
good() {
  local said
  said=$(answer problem "$1") || fail 1 "${said:-the answer cannot be read}"
}

# check PATH OPERATOR WANTED: fails where the answer has another value.
check() {
  local said
  said=$(answer check "$@") || fail 1 "${said:-$1 cannot be read}"
}

# capture NAME PATH: keeps a value of the answer.
capture() {
  local said
  said=$(answer value "$2"; printf x) || true
  said=${said%x}
  [[ -n $said ]] || fail 1 "capture $1: nothing at $2" || return
  printf -v "$1" %s "$said"
}
# --- poll
# poll EVERY WITHIN TOLERATE MICROSECONDS RULES INSTANCE OPTIONS...: repeats a request, the
# interval counting from start to start, until a rule holds. One Python does it all, so that an
# attempt starts nothing but curl.
poll() {
  local rules=("${@:1:5}") jar=$work/$6.jar said code=0
  shift 6
  python3 "$work/answer.py" "$work/body" 0 poll "${rules[@]}" curl "${common[@]}" \
    --cookie "$jar" --cookie-jar "$jar" --output "$work/body" \
    --write-out '%{http_code} %{time_total}' "$@" >"$work/said" &
  poller=$!
  wait "$poller" || code=$?
  poller=
  { read -r status said || true; } <"$work/said"
  ((code == 0)) || fail "$code" "${said:-the answers cannot be read}"
}
# --- status
# http STATUS...: fails where the answer has another one.
http() {
  local one
  for one in "$@"; do [[ $one != "$status" ]] || return 0; done
  local text
  text=$(printf ', %s' "$@")
  text="http in [${text#, }]"
  (($# > 1)) || text="http $1"
  fail 1 "$text: found $status"
}

# in_time MICROSECONDS: fails where the exchange took longer.
in_time() { ((took <= $1)) || fail 1 "time at most $(($1 / 1000)) ms: found $((took / 1000)) ms"; }
